"""The systemd units really run: a bare Debian is made, the administrators' page followed in it, and booted.

`make service-test`. It needs root, debootstrap and systemd-nspawn, and says so where they are missing. The
machine has no network but its loopback: the platform is the tests' strict Slack.
"""
