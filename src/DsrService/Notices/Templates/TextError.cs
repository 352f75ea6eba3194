namespace DsrService.Notices.Templates;

/// <summary>What is wrong with a letter's text, and where.</summary>
internal sealed record TextError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
