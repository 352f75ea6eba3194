using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Output;

/// <summary>What a program needs to drive the demo: where it serves, tokens, sign-ins, the systems' secrets. Read by the
/// owner alone.</summary>
internal sealed record DemoFile
{
    public required Uri BaseAddress { get; init; }

    public required IReadOnlyDictionary<string, string> StaffTokens { get; init; }

    public required IReadOnlyList<DemoSignIn> SignIns { get; init; }

    public required IReadOnlyDictionary<string, DemoCredentials> SystemCredentials { get; init; }

    private static readonly JsonSerializerOptions Indented = new(DsrJson.Options) { WriteIndented = true };

    public static DemoFile? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<DemoFile>(File.ReadAllBytes(path), DsrJson.Options) : null;

    /// <summary>Whole or not at all: written beside it and moved.</summary>
    public async Task Write(string path, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(beside, options))
            await JsonSerializer.SerializeAsync(stream, this, Indented, cancel);
        File.Move(beside, path, overwrite: true);
    }
}

internal sealed record DemoSignIn(string Role, string UserName, string Password);

internal sealed record DemoCredentials(string Token, string WebhookSecret, string SealingKey)
{
    /// <summary>Of systems that speak OpenDSR.</summary>
    public DemoPeerCredentials? Peer { get; init; }
}

/// <summary>What a peer asks for in the header <c>Authorization</c>, and its certificate with the key, as PEM.</summary>
internal sealed record DemoPeerCredentials(string Authorization, string Certificate);
