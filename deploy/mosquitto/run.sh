#!/bin/sh
# Starts Mosquitto once there are logins, and has it read them again when they change.
set -eu
logins=${MOSQUITTO_LOGINS:-/mosquitto/logins/passwords}
configuration=${MOSQUITTO_CONFIGURATION:-/mosquitto/config/mosquitto.conf}

until [ -s "$logins" ]; do sleep 1; done
mosquitto -c "$configuration" &
broker=$!
trap 'kill -TERM "$broker"; wait "$broker"; exit 0' TERM INT

read_before=$(cksum < "$logins")
while kill -0 "$broker" 2> /dev/null; do
  sleep 1 &
  wait $!
  now=$(cksum < "$logins")
  if [ "$now" != "$read_before" ]; then
    read_before=$now
    kill -HUP "$broker"
  fi
done
wait "$broker"
