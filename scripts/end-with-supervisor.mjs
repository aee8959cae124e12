// Loaded into the service with --import. If its supervisor is killed, the service ends too, instead of holding the
// port and the data directory with nobody left to stop it.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel alone must not keep a service alive that wants to end.
  process.channel.unref();
}
