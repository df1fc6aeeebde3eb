# Where the programs of the servers come from: the system's packages, and what Maven and Go fetch with whatever
# configuration this machine has for them. What was fetched once is kept in the user's cache folder.
# Sourced by services.sh; stops with one sentence when a program is not to be had.

cache="${XDG_CACHE_HOME:-$HOME/.cache}/village-archive"

say() { echo "services: $*" >&2; exit 1; }

install_packages() {  # what is missing, where we may
  local missing=()
  [ -d /usr/lib/postgresql ] || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
  command -v mvn >/dev/null || [ -f "$(tika_file)" ] && [ -f "$(elasticsearch_file)" ] || missing+=(maven)
  command -v go >/dev/null || [ -x "$(minio_file)" ] || missing+=(golang)
  for name in curl unzip; do command -v "$name" >/dev/null || missing+=("$name"); done
  if [ ${#missing[@]} = 0 ]; then return; fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "these programs are missing: ${missing[*]}; install them, then run this again."
  fi
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    say "could not install ${missing[*]}; see what apt-get says above."
}

postgresql_programs() { find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -1; }

tika_file() { echo "$cache/tika-server-standard-3.3.2.jar"; }
elasticsearch_file() { echo "$cache/elasticsearch-8.19.21.zip"; }
minio_file() { echo "$cache/minio"; }

tika_program() {
  fetched_by_maven org.apache.tika:tika-server-standard:3.3.2:jar "$(tika_file)"
  tika_file
}

elasticsearch_program() {  # FOLDER: unpack it there
  fetched_by_maven org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.21:zip "$(elasticsearch_file)"
  rm -rf "$1" && mkdir -p "$1.unpacking"
  unzip -q "$(elasticsearch_file)" -d "$1.unpacking"
  mv "$1.unpacking"/elasticsearch-* "$1" && rmdir "$1.unpacking"
}

minio_program() {  # no binary of it is in a registry: built once, some minutes
  if [ ! -x "$(minio_file)" ]; then
    echo "services: building MinIO, once, some minutes" >&2
    GOBIN="$cache/building" go install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c >&2 ||
      say "could not build MinIO; Go 1.24 or later is needed, and its module proxy has to be reachable."
    mv "$cache/building/minio" "$(minio_file)"
  fi
  minio_file
}

fetched_by_maven() {  # ARTIFACT FILE
  if [ -f "$2" ]; then return; fi
  mkdir -p "$cache/fetching"
  mvn --quiet --batch-mode dependency:copy -Dartifact="$1" -DoutputDirectory="$cache/fetching" >&2 ||
    say "could not fetch $1; see what Maven says above, and whether it reaches its registry, then run this again."
  mv "$cache/fetching/$(basename "$2")" "$2"
}
