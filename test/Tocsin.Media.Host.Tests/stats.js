// What the connection of echo.js has come to, in numbers.
async () => {
  const stats = [...(await globalThis.connection.getStats()).values()];
  const inbound = (kind) => stats.find((one) => one.type === 'inbound-rtp' && one.kind === kind);
  const transport = stats.find((one) => one.type === 'transport');
  return {
    state: globalThis.connection.connectionState,
    srtpCipher: transport?.srtpCipher ?? '',
    framesDecoded: inbound('video')?.framesDecoded ?? 0,
    audioReceived: inbound('audio')?.packetsReceived ?? 0,
  };
}
