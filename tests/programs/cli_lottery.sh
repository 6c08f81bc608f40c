# lottery NAME by the nats command line, which ends with status 1 on SIGINT.
trap : INT
nats reply --queue lottery room.lottery "$1"
exit 0
