using System.Runtime.InteropServices;
using Tocsin.Media.Forwarding.Publishing;

namespace Tocsin.Media.Forwarding.Subscribing;

/// <summary>What of a packet is the subscriber's own; all else is its <see cref="StoredPacket"/>'s.</summary>
/// <param name="PictureId">Of VP8 and VP9; the low bits count. With a Dependency Descriptor, the frame number.</param>
/// <param name="BaseLayerIndex">TL0PICIDX, of VP8 and VP9.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rewriting(ushort SequenceNumber, uint Timestamp, bool Marker, ushort PictureId, byte BaseLayerIndex);
