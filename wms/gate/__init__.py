"""The gate (卡口): lanes and devices, release sheets, crossings, and whether a barrier goes up."""
