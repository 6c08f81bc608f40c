# What the programs of tests/checks/threads.c do.
case $1 in
flood) # never so many that a busy machine, watched as it is, falls behind for good
    exec nats pub flood.x --count 100000000 --sleep 200us "a message of many" >/dev/null 2>&1 ;;
chatter)
    while :; do
        echo 'a line'
        echo 'a complaint' >&2
    done
    ;;
parent) # leaves a child behind, which holds its output open
    sleep 7658 &
    echo 'one'
    ;;
silent) sleep 0.3 ;;
three)
    echo 'one'
    echo
    printf 'two'
    ;;
esac
