/** First program of the Redis images. A POSIX shell script: here, not in a file of its own, because the daemon is shipped as one file. */
export const redisEntrypoint = `#!/bin/sh
# Runs redis-server with data in /data. Without a bind option it listens on all addresses: the network is the
# container's own, so the guard against an open server on a public address is off, as in the official image.
set -eu

case "\${1:-}" in
  redis-server) shift ;;
  -*) ;;
  *) exec "$@" ;;
esac

if [ "$(id -u)" = 0 ]; then
  chown -R redis:redis /data
  exec setpriv --reuid=redis --regid=redis --init-groups "$0" redis-server "$@"
fi

# A configuration file, if there is one, has to be the first argument.
case "\${1:-}" in
  ''|-*)
    # Redis 6 forgets its own rules for saving as soon as any option is given.
    case " $* " in
      *' --save '*) ;;
      *) set -- --save 3600 1 --save 300 100 --save 60 10000 "$@" ;;
    esac
    exec redis-server --protected-mode no --dir /data "$@"
    ;;
  *) config=$1; shift; exec redis-server "$config" --protected-mode no "$@" ;;
esac
`;
