// The shell script between Hearth and `ollama serve` on Linux and macOS: it ends everything when Hearth is gone.

/**
 * Run as `sh -c GUARDIAN name seconds program arguments…` in a process group of its own, with three pipes:
 * - standard input is the lifeline. Hearth alone holds its other end; when it closes, on purpose or because Hearth was
 *   killed, the watcher sends SIGTERM to the group, and SIGKILL `seconds` later, or so many later as Hearth wrote last.
 * - standard output tells Hearth `pid N` and `exit N`.
 * - standard error takes the output of the program.
 *
 * When the program ends, for whatever reason, SIGKILL goes to the rest of the group (0 means one's own): a runner whose
 * server was killed would stay for ever. It holds nothing that it would have to save. This also ends the script itself,
 * so `exit` has to be told before.
 *
 * Why it is as it is: a background process of sh has /dev/null as input, hence descriptor 3. The traps come in two steps,
 * because an ignored signal stays ignored in the program, a caught one does not. PIPE is ignored, because the script still
 * has to work when nobody reads what it tells. The PATH is extended for `sleep`, which may be missing in the user's one.
 */
export const GUARDIAN = `
grace=$1
shift
exec 3<&0 </dev/null
trap : TERM INT HUP
"$@" 3<&- >&2 &
server=$!
trap '' TERM INT HUP PIPE
echo "pid $server"
(
  while read -r seconds <&3; do grace=$seconds; done
  kill -TERM 0
  PATH=$PATH:/usr/bin:/bin
  sleep "$grace"
  kill -KILL 0
) >/dev/null 2>&1 &
wait "$server"
echo "exit $?"
kill -KILL 0
`;
