using DsrService.DataMap;

namespace DsrService.Notices.Templates;

/// <summary>The supervisory authorities by country, to name the one of the person's residence (Art. 77(1)).</summary>
internal sealed class Authorities(IReadOnlyDictionary<string, Authorities.Authority> byCountry)
{
    public const string FileName = "authorities.yaml";
    public const string Uk = "GB";

    internal sealed record Authority(LocalText Name, string Web);

    public Authority? Of(string? country) => country is null ? null : byCountry.GetValueOrDefault(country);

    public static Authorities Read(string text, List<TextError> errors)
    {
        var found = new Dictionary<string, Authority>(StringComparer.Ordinal);
        var mistakes = new DataMapErrors(FileName);
        foreach (var (country, entry) in (ReadWords.Load(FileName, text, errors) ?? []).Children)
        {
            var code = country.ToString();
            var fields = new YamlFields(entry, code, mistakes);
            if (!Countries.IsCode(code))
                fields.Error($"'{code}' is no country; two capital letters (ISO 3166) are expected.");
            var authority = new Authority(fields.Local("name"), fields.Text("web"));
            if (!Uri.TryCreate(authority.Web, UriKind.Absolute, out var web) || web.Scheme != Uri.UriSchemeHttps)
                fields.Error("web", "'web' must be an address that begins with https://.");
            fields.RefuseUnknown();
            found[code] = authority;
        }
        errors.AddRange(mistakes.InOrder().Select(error => new TextError(error.File, error.Line, error.Message)));
        if (errors.Count == 0 && !found.ContainsKey(Uk))
            errors.Add(new(FileName, 1, $"'{Uk}' is missing; letters under the law of the United Kingdom name its authority."));
        return new(found);
    }
}
