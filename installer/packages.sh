# Which packages the project needs, and how they get onto a Debian machine. Sourced by run and test.

build_packages=(
  g++ cmake ninja-build ccache pkg-config
  qt6-base-dev qt6-base-dev-tools qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
  qt6-svg-dev qt6-websockets-dev qt6-httpserver-dev qtkeychain-qt6-dev libgl1-mesa-dev libvulkan-dev
  libsqlite3-dev libsimdjson-dev libzstd-dev libwslay-dev libssl-dev liburing-dev
  libexpected-dev nlohmann-json3-dev libboost-dev libicu-dev libre2-dev
)
run_packages=(libqt6svg6 qt6-qpa-plugins fonts-noto-core)
test_packages=(python3 python3-websockets python3-requests python3-yaml nodejs curl jq openssl)
package_packages=(dpkg-dev file lintian desktop-file-utils appstream)

# Installs what of "$@" is missing. Says what it installs; uses sudo only when not root.
install_packages() {
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == "install ok installed" ]] || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  local sudo=()
  [[ $(id -u) -eq 0 ]] || sudo=(sudo)
  echo "Installing ${#missing[@]} packages: ${missing[*]}"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Ends with a list of what is needed where apt does not know these packages.
need_debian() {
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && return 0
  echo "This machine has no apt. Install what these Debian packages hold, then build with CMake:" >&2
  printf '  %s\n' "$@" >&2
  exit 1
}

# The parallel compilers that memory allows: about 1.5 GB each.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 1500000)}' /proc/meminfo)
  echo $((memory < 1 ? 1 : memory < cores ? memory : cores))
}

build() {
  local log
  log=$(mktemp)
  cmake --preset "$1" "${@:2}" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 1; }
  rm -f "$log"
  cmake --build --preset "$1" -j "$(jobs)"
}
