// One connection that sends the (fake) camera and microphone, to a server whose answer is written here. Run in a page; the argument is what signalling would say.
async ({ usernameFragment, password, fingerprint, candidate }) => {
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  globalThis.connection = connection;
  for (const track of media.getTracks()) {
    const transceiver = connection.addTransceiver(track, { direction: 'sendrecv', streams: [media] });
    const wanted = track.kind === 'video' ? 'video/VP8' : 'audio/opus';
    const { codecs } = RTCRtpSender.getCapabilities(track.kind);
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === wanted));
  }
  await connection.setLocalDescription();
  const offer = connection.localDescription.sdp;

  // What a receiver must not copy of an offer, and feedback that the echo does not give.
  const left = /^a=(candidate|ssrc|ssrc-group|msid|ice-options|end-of-candidates|rtcp-fb:\d+ (transport-cc|goog-remb))/;
  const answer = offer
    .split('\r\n')
    .filter((line) => !left.test(line))
    .flatMap((line) => {
      if (line.startsWith('t=')) return [line, 'a=ice-lite'];
      if (line.startsWith('a=ice-ufrag:')) return [`a=ice-ufrag:${usernameFragment}`, `a=candidate:${candidate}`, 'a=end-of-candidates'];
      if (line.startsWith('a=ice-pwd:')) return [`a=ice-pwd:${password}`];
      if (line.startsWith('a=fingerprint:')) return [`a=fingerprint:sha-256 ${fingerprint}`];
      return line.startsWith('a=setup:') ? ['a=setup:passive'] : [line];
    });
  await connection.setRemoteDescription({ type: 'answer', sdp: answer.join('\r\n') });
  return /a=fingerprint:sha-256 (\S+)/.exec(offer)[1];
}
