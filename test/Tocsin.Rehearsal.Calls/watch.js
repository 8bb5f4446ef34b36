// Runs in the product's own page before anything of it: notes its connections, and answers what comes through them. It changes nothing but the camera's size, and, where a
// test says so, which codecs of video the browser knows and how many processors it has.
(() => {
  const connections = new Set();
  const streamOf = new Map();
  // What happened to the page's lines and paths, to tell where the time went.
  const happened = [];
  const note = (what) => happened.push({ at: Date.now(), what });

  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...given) {
      super(...given);
      connections.add(this);
      const number = connections.size;
      this.addEventListener('connectionstatechange', () => note(`path ${number} ${this.connectionState}`));
      this.addEventListener('iceconnectionstatechange', () => note(`path ${number} ice ${this.iceConnectionState}`));
      // The client names a stream after the participant and what it shows.
      this.addEventListener('track', ({ track, streams }) => streamOf.set(track.id, streams[0]?.id ?? ''));
    }

    // The client asks what the browser knows with an offer of a transceiver without a track.
    addTransceiver(kind, ...given) {
      const transceiver = super.addTransceiver(kind, ...given);
      if (kind === 'video' && window.tocsinCodecs) {
        const { codecs } = RTCRtpReceiver.getCapabilities('video');
        transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => [...window.tocsinCodecs, 'video/rtx'].includes(mimeType)));
      }
      return transceiver;
    }
  };

  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      note('line tried');
      this.addEventListener('open', () => note('line open'));
      this.addEventListener('close', () => note('line closed'));
      this.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && data.includes('"kind":"joined"')) note('joined');
        if (typeof data === 'string' && data.includes('"kind":"participant-left"')) note('somebody left');
        if (typeof data === 'string' && data.includes('"kind":"group-changed"')) note(`group at ${data.match(/"group-changed".*?"number":(\d+)/)?.[1]}${data.includes('"commit":null') ? ' goes on or begins' : ''}`);
        if (typeof data === 'string' && data.includes('"kind":"transport-state-changed"')) note(`told ${data.match(/"state":"([a-z]+)"/)?.[1]}`);
      });
    }
  };

  const send = window.WebSocket.prototype.send;
  window.WebSocket.prototype.send = function (data) {
    const command = typeof data === 'string' && data.match(/"target":"(JoinMeeting|ReadGroup|ChangeGroup|ApplyToGroup)"/)?.[1];
    if (command) note(`says ${command}`);
    return send.call(this, data);
  };

  if (window.tocsinProcessors) Object.defineProperty(navigator, 'hardwareConcurrency', { value: window.tocsinProcessors });

  // Five encoders share the test machine's processor.
  const capture = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (capture) {
    navigator.mediaDevices.getUserMedia = (wanted) => {
      const { width, height, frameRate } = window.tocsinCamera ?? { width: 480, height: 270, frameRate: 10 };
      return capture(wanted.video ? { ...wanted, video: { width, height, frameRate } } : wanted);
    };
  }

  const open = () => [...connections].filter((one) => one.connectionState !== 'closed');

  /** Where the picture of a track is shown, and under what name. */
  function tiles() {
    return [...document.querySelectorAll('figure')].map((figure) => ({
      name: figure.getAttribute('aria-label'),
      track: figure.querySelector('video')?.srcObject?.getVideoTracks()[0]?.id ?? '',
      speaks: figure.classList.contains('speaking'),
      marks: [...figure.querySelectorAll('figcaption [aria-label]')].map((mark) => mark.getAttribute('aria-label')),
    }));
  }

  /** Firefox never answers for a connection that is closed while it is asked: that of a call whose server was killed. */
  async function statsOf(connection) {
    let timer;
    const closed = new Promise((resolve) => {
      timer = setInterval(() => connection.signalingState === 'closed' && resolve(new Map()), 100);
    });
    try {
      return await Promise.race([connection.getStats(), closed]);
    } finally {
      clearInterval(timer);
    }
  }

  async function look() {
    const received = [];
    const sent = [];
    const paths = [];
    for (const connection of open()) {
      const stats = await statsOf(connection);
      const pairs = new Set([...stats.values()].filter((one) => one.type === 'transport').map((one) => one.selectedCandidatePairId));
      for (const stat of stats.values()) {
        if (stat.type === 'inbound-rtp') {
          const track = connection.getTransceivers().find((one) => one.mid === stat.mid)?.receiver.track;
          received.push({
            from: streamOf.get(track?.id) ?? '',
            track: track?.id ?? '',
            kind: stat.kind,
            packets: stat.packetsReceived ?? 0,
            lost: stat.packetsLost ?? 0,
            frames: stat.framesDecoded ?? 0,
            width: stat.frameWidth ?? 0,
            energy: stat.totalAudioEnergy ?? 0,
            samples: stat.totalSamplesReceived ?? 0,
            concealed: stat.concealedSamples ?? 0,
            silentlyConcealed: stat.silentConcealedSamples ?? 0,
            freezes: stat.freezeCount ?? 0,
            frozenSeconds: stat.totalFreezesDuration ?? 0,
            bytes: stat.bytesReceived ?? 0,
            retransmitted: stat.retransmittedPacketsReceived ?? 0,
            keyFrames: stat.keyFramesDecoded ?? 0,
            keyFramesAsked: (stat.pliCount ?? 0) + (stat.firCount ?? 0),
            nacks: stat.nackCount ?? 0,
            codec: stats.get(stat.codecId)?.mimeType ?? '',
          });
        } else if (stat.type === 'outbound-rtp') {
          sent.push({ kind: stat.kind, rid: stat.rid ?? '', frames: stat.framesEncoded ?? 0, width: stat.frameWidth ?? 0, bytes: stat.bytesSent ?? 0, nacks: stat.nackCount ?? 0, target: stat.targetBitrate ?? 0, active: stat.active ?? true, limited: stat.qualityLimitationReason ?? '', codec: stats.get(stat.codecId)?.mimeType ?? '', layers: stat.scalabilityMode ?? '' });
        } else if (stat.type === 'candidate-pair' && (pairs.has(stat.id) || stat.selected)) {
          paths.push({ protocol: stats.get(stat.localCandidateId)?.protocol ?? '', roundTrip: stat.currentRoundTripTime ?? 0, available: stat.availableOutgoingBitrate ?? 0, state: connection.connectionState });
        }
      }
    }
    return { at: performance.now(), inCall: document.querySelector('.call .stage') !== null, tiles: tiles(), received, sent, paths };
  }

  const lookAfter = (milliseconds) => new Promise((resolve) => setTimeout(() => resolve(look()), milliseconds));

  /** The longest time, in milliseconds, between two pictures of a tile, of its track or of another, and how often it was emptied. Ask again to know, and to begin anew. */
  const gaps = new Map();
  function holeOf(name) {
    const known = gaps.get(name);
    if (known) {
      const hole = { longest: Math.max(known.longest, performance.now() - known.last), emptied: known.emptied };
      Object.assign(known, { longest: 0, emptied: 0, last: performance.now() });
      return hole;
    }
    const gap = { longest: 0, emptied: 0, last: performance.now() };
    gaps.set(name, gap);
    const video = document.querySelector(`figure[aria-label="${name}"] video`);
    const next = () => {
      gap.longest = Math.max(gap.longest, performance.now() - gap.last);
      gap.last = performance.now();
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
    video.addEventListener('emptied', () => (gap.emptied += 1));
    return { longest: 0, emptied: 0 };
  }

  const since = (moment) => happened.filter((one) => one.at >= moment).map((one) => ({ after: one.at - moment, what: one.what }));

  window.tocsinWatch = { look, lookAfter, since, holeOf };
})();
