#!/bin/sh
# Starts Mosquitto once there are logins, and has it read its files again when they change.
# The listeners for TLS and for certificates are there when their files are there at the start.
set -eu
configuration=${MOSQUITTO_CONFIGURATION:-/mosquitto/config}
logins=${MOSQUITTO_LOGINS:-/mosquitto/logins}
tls=${MOSQUITTO_TLS:-/mosquitto/tls}
made=${MOSQUITTO_DATA:-/mosquitto/data}/mosquitto.conf

until [ -s "$logins/passwords" ]; do sleep 1; done
cat "$configuration/mosquitto.conf" > "$made"
if [ -s "$tls/fullchain.pem" ]; then
  cat "$configuration/tls.conf" >> "$made"
  [ ! -s "$logins/revoked.pem" ] || cat "$configuration/certificates.conf" >> "$made"
fi
mosquitto -c "$made" &
broker=$!
trap 'kill -TERM "$broker"; wait "$broker"; exit 0' TERM INT

now_in_files() {
  cat "$logins"/passwords "$logins"/*.pem "$tls"/*.pem 2> /dev/null | cksum
}
read_before=$(now_in_files)
while kill -0 "$broker" 2> /dev/null; do
  sleep 1 &
  wait $!
  now=$(now_in_files)
  if [ "$now" != "$read_before" ]; then
    read_before=$now
    kill -HUP "$broker"
  fi
done
wait "$broker"
