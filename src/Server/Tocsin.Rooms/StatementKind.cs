namespace Tocsin.Rooms;

/// <summary>What an entry of the directory log states; the numbers are those of the format.</summary>
public enum StatementKind
{
    Identity = 1,
    DeviceCertificate = 2,
    DeviceRevocation = 3,
}
