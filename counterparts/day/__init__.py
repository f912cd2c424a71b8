"""A working day, played against a running system through its public doors only.

`wms day --orders 500 --trucks 4 --seed 7` signs in as the people of the demo site, scans as a PDA
does, drives trucks through the device counterpart, scripts what customs will do to which document,
and reads what the printer counterpart kept. What shall go wrong is planned (`plan`), what went
wrong is counted from what the doors say afterwards (`account`), and both must be equal.
"""
