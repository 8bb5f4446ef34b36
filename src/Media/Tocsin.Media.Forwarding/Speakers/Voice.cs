using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Speakers;

/// <summary>How much somebody has spoken lately.</summary>
internal sealed class Voice(Producer producer)
{
    public Producer Producer { get; } = producer;

    /// <summary>0 to 1.</summary>
    public double Activity { get; set; }

    /// <summary>The last packet, or the last time it was let fade.</summary>
    public Instant HeardAt { get; set; }

    public Instant SpokeAt { get; set; }

    /// <summary>The last packet that was not silence.</summary>
    public Instant SoundedAt { get; set; }

    public bool HasSpoken { get; set; }

    /// <summary>Whether it is passed on.</summary>
    public bool IsAudible { get; set; }

    /// <param name="decay">Share that is lost in each <paramref name="step"/>.</param>
    public void Fade(TimeSpan elapsed, double decay, TimeSpan step) => Activity *= Math.Pow(1 - decay, Math.Max(0, elapsed / step));
}
