# Prints the first Python that can carry the project: 3.11 or later, able to make virtual environments.
lacking=""
for python in "$@" python3 python3.14 python3.13 python3.12 python3.11 python; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        command -v "$python"
        exit
    fi
    lacking="$python"
done
if test -n "$lacking"; then
    echo "$lacking has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)." >&2
else
    echo "Python 3.11 or later is needed and none was found: install it, or name it with make PYTHON=..." >&2
fi
exit 1
