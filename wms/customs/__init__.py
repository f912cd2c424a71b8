"""Letters to and from customs: codecs, exchange folders, order of receipts."""
