namespace DsrService.Demo.Stores;

/// <summary>Bytes that pass for a recording.</summary>
internal static class Sound
{
    public static byte[] Of(int number, int length)
    {
        var sound = new byte[length];
        // A tone, and so the same every time.
        for (var at = 0; at < length; at++)
            sound[at] = (byte)(128 + 100 * Math.Sin(at * (2 + number % 7) * Math.Tau / 256));
        return sound;
    }
}
