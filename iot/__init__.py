"""The devices' process: their messages in, our commands out."""
