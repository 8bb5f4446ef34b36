namespace Tocsin.Media.Forwarding.Publishing;

/// <summary>What a track shows. Screens are never left out for want of speech, and come before cameras where a path does not carry all.</summary>
public enum ProducerSource
{
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}
