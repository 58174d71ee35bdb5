#!/usr/bin/env bash
# screen_reader.sh DESKTOP: starts that program on a screen and in a session of its own, and reads it with screen_reader.py.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
desktop=$(readlink -f "$1")
home=$(mktemp -d)
mkdir -m 700 "$home/run"
exec {number}> >(cat >"$home/display")
Xvfb -displayfd "$number" -screen 0 1600x1000x24 -noreset >/dev/null 2>&1 &
screen=$!
trap 'kill $screen; wait; rm -rf "$home"' EXIT
exec {number}>&-
until [[ -s $home/display ]]; do sleep 0.1; done
export DISPLAY=:$(<"$home/display") HOME=$home XDG_RUNTIME_DIR=$home/run XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config
export LC_ALL=C.UTF-8 DESKTOP=$desktop
unset WAYLAND_DISPLAY
dbus-run-session -- bash -c '
  openbox >/dev/null 2>&1 & manager=$!
  sleep 1
  QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 "$DESKTOP" --data "$HOME/workspace" & program=$!
  /usr/bin/python3 "$1" && code=0 || code=$?
  kill $program $manager
  wait
  exit $code' bash "$here/screen_reader.py" 2> >(grep -v "^dbus-daemon\|SpiRegistry" >&2)
