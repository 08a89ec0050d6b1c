#!/usr/bin/env bash
# Puts the C++ libraries that a GPU machine without a network may lack into a folder that travels with the sources, from
# Debian 12's packages: headers, libraries, CMake files, pkg-config. About 30 MB; .gitignore has it.
#
#   bash tests/gpu/carry.sh [FOLDER]      default: gpu-libraries
set -euo pipefail
SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
FOLDER="$(realpath -m "${1:-$SOURCE/gpu-libraries}")"
readonly PACKAGES=(
  nlohmann-json3-dev libcli11-dev libspdlog-dev libspdlog1.10 libfmt-dev libfmt9 libyaml-cpp-dev libyaml-cpp0.7
  zlib1g-dev zlib1g libjpeg62-turbo-dev libjpeg62-turbo libpng-dev libpng16-16
  libwebp-dev libwebp7 libwebpdemux2 libwebpmux3 libssl-dev libssl3
  libfaiss-dev libblas3 libblas-dev liblapack3 liblapack-dev libgfortran5 libquadmath0
  pkgconf pkgconf-bin libpkgconf3
)

rm -rf "$FOLDER"
mkdir -p "$FOLDER/packages"
(cd "$FOLDER/packages" && apt-get download -qq "${PACKAGES[@]}")
for package in "$FOLDER"/packages/*.deb; do dpkg-deb -x "$package" "$FOLDER"; done
rm -rf "$FOLDER/packages" "$FOLDER"/usr/share/{doc,man,lintian}
LIB="$FOLDER/usr/lib/x86_64-linux-gnu"
# Some libraries still lie in /lib; links of -dev packages may point there by absolute name.
[ -d "$FOLDER/lib/x86_64-linux-gnu" ] && cp -an "$FOLDER/lib/x86_64-linux-gnu/." "$LIB/"
find "$LIB" -maxdepth 1 -type l -lname '/*' | while read -r link; do
  ln -sf "$(basename "$(readlink "$link")")" "$link"
done
find "$LIB" -name '*.a' ! -name libfaiss.a -delete
# FAISS names the BLAS of the machine that it was built on. A slow one does: LibTorch's own answers nearly all of its calls.
sed -i "s#/usr/lib/x86_64-linux-gnu/lib\(blas\|lapack\)\.so#\${_IMPORT_PREFIX}/lib/x86_64-linux-gnu/\1/lib\1.so#g" \
  "$LIB/cmake/faiss/faiss-targets.cmake"
du -sh "$FOLDER"
