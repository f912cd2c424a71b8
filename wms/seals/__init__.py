"""Electronic seals (关锁): each one's state, custody and alarms."""
