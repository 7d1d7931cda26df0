#!/bin/sh
# Builds the native window for this checkout; what is built already stays.
set -eu
cd "$(dirname "$0")/../packages/desktop/shell"
exec cargo build --locked --quiet
