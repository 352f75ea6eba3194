namespace DsrService.Hosting;

/// <summary>Any setting of ours may come from a file: <c>Name</c> is what lies in the file that <c>NameFile</c> names, as the
/// secrets of containers do. <c>NameFile</c> itself then counts as no setting, since an unknown one stops the start.</summary>
internal sealed class SecretFiles : ConfigurationProvider, IConfigurationSource
{
    private const string Suffix = "File";
    private static readonly string[] Ours = ["Dsr:", "ConnectionStrings:", "Demo:"];

    private SecretFiles(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach (var (name, path) in settings)
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && path is { Length: > 0 }
                && Ours.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
                Data[name[..^Suffix.Length]] = Read(name, path);
    }

    public static void ReadInto(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Add(new SecretFiles(configuration.AsEnumerable()));

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        base.GetChildKeys(earlierKeys, parentPath).Where(key => !NamesAFile(parentPath is null ? key : ConfigurationPath.Combine(parentPath, key)));

    private bool NamesAFile(string path) => path.EndsWith(Suffix, StringComparison.Ordinal) && Data.ContainsKey(path[..^Suffix.Length]);

    private static string Read(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{name}: {error.Message}", error);
        }
    }
}
