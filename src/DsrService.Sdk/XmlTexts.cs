using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace DsrService.Sdk;

/// <summary>What the code says of a type, a member or a value, read from the documentation file beside its assembly; nothing where there
/// is none.</summary>
internal static partial class XmlTexts
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = new();

    public static string? Of(Type type) => Find(type, $"T:{Name(type)}") is { } found ? Plain(found.Element("summary")) : null;

    /// <summary>Of a property, or of the parameter that a positional record makes it from.</summary>
    public static string? Of(Type type, string member) =>
        Find(type, $"P:{Name(type)}.{member}") is { } property ? Plain(property.Element("summary"))
        : Find(type, $"T:{Name(type)}") is { } record ? Plain(record.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == member))
        : null;

    public static string? OfValue(Type type, string value) => Find(type, $"F:{Name(type)}.{value}") is { } found ? Plain(found.Element("summary")) : null;

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static XElement? Find(Type type, string name) => Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        try
        {
            return XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return [];
        }
    }

    private static string? Plain(XElement? text) => text is null ? null : Spaces().Replace(string.Concat(text.Nodes().Select(Plain)), " ").Trim();

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see => $"`{Member((string?)see.Attribute("cref") ?? "")}`",
        XElement { Name.LocalName: "paramref" } other => $"`{Member((string?)other.Attribute("name") ?? "")}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => string.Concat(other.Nodes().Select(Plain)),
        _ => "",
    };

    // T:Namespace.Type stays as it is called, P:Namespace.Type.Member is called as in JSON.
    private static string Member(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return name switch
        {
            ['T', ':', ..] => last,
            ['F', ':', ..] => global::System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(last),
            _ => global::System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(last),
        };
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
