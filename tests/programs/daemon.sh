# Leaves a daemon behind that has left its session and its process group, and
# goes on itself.
setsid sh -c 'trap "" TERM INT; (trap "" TERM INT; sleep 7656; true) & wait' &
sleep 7657
