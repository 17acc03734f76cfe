"""The image really built, twice, and run: from a base of the machine's own making, without a network.

`make image`. It needs root, debootstrap, buildah, podman and crun, and says so where they are missing.
"""
