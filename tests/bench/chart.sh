#!/bin/sh
# Builds the benchmark as a release and runs it: tests/bench/run chart [SAMPLES [FRAMES]]. Its figures are ratios of one run.
# tests/bench/chart.sh open URL: how an endpoint opens in the Monitor, to its first item; the design is 1.25 million items of 8 values.
set -e
here=$(cd "$(dirname "$0")/../.." && pwd)
build=$here/build/bench
mkdir -p "$here/build"
folders="core/model;core/rules;core/client;core/series;ui/look;ui/chart;ui/monitor"
cmake --preset release -S "$here" -B "$build" -DIOTMAN_ONLY="$folders" \
  ${QCUSTOMPLOT_ROOT:+-DQCUSTOMPLOT_ROOT="$QCUSTOMPLOT_ROOT"} >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
ninja -C "$build" "bench_chart" >"$build.log" 2>&1 || { tail -40 "$build.log" >&2; exit 1; }
[ -n "$DISPLAY$WAYLAND_DISPLAY" ] || export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
exec "$(find "$build" -name "bench_chart" -type f -perm -u+x | head -1)" "$@"
