using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Speakers;

/// <summary>
/// Tells from the levels that senders state in clear who speaks, which voices are passed on, and whose cameras. Voices beyond the limit are the quietest; a place that is free is taken at
/// the first sound, so that no syllable is cut.
/// </summary>
/// <remarks>
/// RFC 6464: 0 is as loud as can be, 127 is silence. A level is the sender's word: who lies is heard, as who shouts is. The meeting's thread. Allocates only when the number of
/// speakers grows.
/// </remarks>
internal sealed class SpeakerDetector(Meeting meeting)
{
    /// <summary>Louder than this counts as speech: rooms and fans are some 60 below overload, voices 20 to 40.</summary>
    private const int SpeechLevel = 50;

    /// <summary>Quieter than this is silence, of which nobody misses anything; a voice far from a poor microphone is not.</summary>
    private const int SilenceLevel = 95;

    /// <summary>Of each packet of 20 ms: half a second of speech makes somebody the speaker, a cough does not.</summary>
    private const double Attack = 0.08;

    private const double Decay = 0.03;

    /// <summary>Less than this is a cough.</summary>
    private const double LeastToCount = 0.35;

    /// <summary>Somebody else must be this much more active to become first.</summary>
    private const double Lead = 1.2;

    /// <summary>As many as anybody shows in a list.</summary>
    private const int MaximumListed = 32;

    private static readonly TimeSpan RankingInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A voice keeps its place through the pauses between words.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(2);

    /// <summary>Who falls silent without packets (discontinuous transmission) fades as who sends silence does.</summary>
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    private readonly List<Voice> voices = [];
    private readonly List<Participant> active = [];
    private Instant rankedAt;
    private int audible;

    /// <summary>Who speaks or spoke last, the most active first.</summary>
    public IReadOnlyList<Participant> Active => active;

    public void Add(Instant now, Producer producer)
    {
        if (producer.Source == ProducerSource.Microphone && producer.Kind == Parameters.MediaKind.Audio)
        {
            producer.Voice = new Voice(producer) { HeardAt = now };
            voices.Add(producer.Voice);
        }

        SelectCameras(now);
    }

    public void Remove(Instant now, Producer producer)
    {
        for (var index = voices.Count - 1; index >= 0; index--)
        {
            if (voices[index].Producer != producer)
                continue;
            audible -= voices[index].IsAudible ? 1 : 0;
            voices.RemoveAt(index);
            if (active.Remove(producer.Participant))
                meeting.Events.OnActiveSpeakersChanged(now, meeting);
        }

        SelectCameras(now);
    }

    /// <summary>A microphone was muted: whoever spoke does not any more, however silent the others are; what they say next is heard anew.</summary>
    public void Mute(Instant now, Producer producer)
    {
        if (producer.Voice is not { } voice)
            return;
        audible -= voice.IsAudible ? 1 : 0;
        (voice.IsAudible, voice.Activity, voice.HasSpoken) = (false, 0, false);
        if (ActivityOf(producer.Participant) > 0 || !active.Remove(producer.Participant))
            return;
        SelectCameras(now);
        meeting.Events.OnActiveSpeakersChanged(now, meeting);
    }

    /// <summary>A packet of somebody's microphone.</summary>
    /// <param name="level">As on the wire; null where the sender does not say: then it is always passed on.</param>
    /// <returns>Whether it is passed on.</returns>
    public bool Hear(Instant now, Producer producer, byte? level)
    {
        if (producer.IsPaused)
            return false;
        if (level is not { } stated || producer.Source != ProducerSource.Microphone || producer.Voice is not { } voice)
            return true;
        _ = AudioLevel.TryParse([stated], out var parsed);
        var isSpeech = parsed.DecibelsBelowOverload < SpeechLevel;
        voice.Fade(now - voice.HeardAt, Decay, PacketTime);
        voice.HeardAt = now;
        var isSound = parsed.DecibelsBelowOverload < SilenceLevel;
        if (isSound)
            voice.SoundedAt = now;
        if (isSpeech)
        {
            voice.SpokeAt = now;
            voice.HasSpoken = true;
            voice.Activity += Attack * (1 - voice.Activity) * (127 - parsed.DecibelsBelowOverload) / 127.0;
        }

        if (now - rankedAt >= RankingInterval)
            Rank(now);
        if (isSound && !voice.IsAudible)
            TryMakeAudible(now, voice, isSpeech);
        return voice.IsAudible;
    }

    /// <summary>Any sound takes a place that is free; only speech takes one from somebody.</summary>
    private void TryMakeAudible(Instant now, Voice voice, bool isSpeech)
    {
        if (audible >= meeting.Options.AudibleSpeakers && !(isSpeech && TrySilenceQuietest(now, voice)))
            return;
        voice.IsAudible = true;
        audible++;
    }

    /// <summary>Who spoke last longest ago gives up the place, if that is a while ago, or is less active.</summary>
    private bool TrySilenceQuietest(Instant now, Voice challenger)
    {
        Voice? quietest = null;
        foreach (var voice in voices)
        {
            if (voice.IsAudible && (quietest is null || voice.Activity < quietest.Activity))
                quietest = voice;
        }

        if (quietest is null || (quietest.HasSpoken && now - quietest.SpokeAt < HoldTime && quietest.Activity * Lead >= challenger.Activity))
            return false;
        quietest.IsAudible = false;
        audible--;
        return true;
    }

    private void Rank(Instant now)
    {
        rankedAt = now;
        foreach (var voice in voices)
        {
            if (now - voice.HeardAt > RankingInterval)
            {
                voice.Fade(now - voice.HeardAt, Decay, PacketTime);
                voice.HeardAt = now;
            }

            if (voice.IsAudible && now - voice.SoundedAt > HoldTime)
            {
                voice.IsAudible = false;
                audible--;
            }
        }

        var hasChanged = ListNew();
        if (!TryReorder() && !hasChanged)
            return;
        SelectCameras(now);
        meeting.Events.OnActiveSpeakersChanged(now, meeting);
    }

    /// <summary>Who speaks beside others without being louder comes last, but is listed.</summary>
    private bool ListNew()
    {
        var hasChanged = false;
        foreach (var voice in voices)
        {
            if (voice.Activity < LeastToCount || active.Count >= MaximumListed || active.Contains(voice.Producer.Participant))
                continue;
            active.Add(voice.Producer.Participant);
            hasChanged = true;
        }

        return hasChanged;
    }

    /// <summary>The most active who leads clearly comes first; the others keep their order, so that the list does not flutter.</summary>
    private bool TryReorder()
    {
        Voice? loudest = null;
        foreach (var voice in voices)
        {
            if (voice.HasSpoken && (loudest is null || voice.Activity > loudest.Activity))
                loudest = voice;
        }

        if (loudest is null || loudest.Activity < LeastToCount)
            return false;
        var participant = loudest.Producer.Participant;
        if (active.Count > 0 && (active[0] == participant || ActivityOf(active[0]) * Lead >= loudest.Activity))
            return false;
        active.Remove(participant);
        active.Insert(0, participant);
        if (active.Count > MaximumListed)
            active.RemoveAt(MaximumListed);
        return true;
    }

    private double ActivityOf(Participant participant)
    {
        var most = 0.0;
        foreach (var voice in voices)
            most = voice.Producer.Participant == participant ? Math.Max(most, voice.Activity) : most;
        return most;
    }

    /// <summary>Those who spoke last; while too few have, whoever came first.</summary>
    private void SelectCameras(Instant now)
    {
        if (meeting.Options.LastSpeakers is not { } limit)
            return;
        var free = Math.Max(0, limit - Math.Min(limit, active.Count));
        foreach (var participant in meeting.Participants)
        {
            var rank = active.IndexOf(participant);
            var isSelected = rank >= 0 ? rank < limit : free > 0 && HasCamera(participant);
            free -= rank < 0 && isSelected ? 1 : 0;
            foreach (var transport in participant.Transports)
            {
                foreach (var producer in transport.Producers)
                {
                    if (producer.Source == ProducerSource.Camera)
                        producer.Select(now, isSelected);
                }
            }
        }
    }

    private static bool HasCamera(Participant participant)
    {
        foreach (var transport in participant.Transports)
        {
            foreach (var producer in transport.Producers)
            {
                if (producer.Source == ProducerSource.Camera)
                    return true;
            }
        }

        return false;
    }
}
