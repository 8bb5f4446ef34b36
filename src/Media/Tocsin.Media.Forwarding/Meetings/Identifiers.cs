namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>Numbered from 1 in each meeting, never used again in it; safe to log.</summary>
public readonly record struct ParticipantId(int Value);

/// <inheritdoc cref="ParticipantId"/>
public readonly record struct TransportId(int Value);

/// <inheritdoc cref="ParticipantId"/>
public readonly record struct ProducerId(int Value);

/// <inheritdoc cref="ParticipantId"/>
public readonly record struct ConsumerId(int Value);
