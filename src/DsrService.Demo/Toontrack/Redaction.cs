using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DsrService.Demo.Toontrack;

/// <summary>Makes other members unreadable in what is handed to a person (Art. 15(4)): their names, any address or number
/// that is not the person's own, and passages quoted from them.</summary>
internal sealed partial class Redaction(IReadOnlyList<string> others, IReadOnlyList<string> own)
{
    private const string Member = "[another member]";
    private const string Contact = "[contact of another person]";
    private const string Quotation = "> [text of another member]";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Regex? names = Names([.. others.Except(own, StringComparer.OrdinalIgnoreCase)]);

    public string Of(string row)
    {
        var json = JsonNode.Parse(row)!.AsObject();
        if (json.ContainsKey("correspondent"))
            json["correspondent"] = Member;
        json["body"] = Text(json["body"]!.GetValue<string>());
        return json.ToJsonString(Plain);
    }

    public string Text(string text)
    {
        text = Quoted().Replace(text, Quotation);
        text = names?.Replace(text, Member) ?? text;
        return Contacts().Replace(text, match => own.Contains(match.Value, StringComparer.OrdinalIgnoreCase) ? match.Value : Contact);
    }

    private static Regex? Names(string[] words) => words.Length == 0
        ? null
        : new Regex($@"(?<![\p{{L}}\p{{N}}])(?:{string.Join('|', words.Select(Regex.Escape))})(?![\p{{L}}\p{{N}}])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^>[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s<>,;:]+@[^\s<>,;:]+[\p{L}\p{N}]|\+[0-9][0-9 ]{7,}[0-9]")]
    private static partial Regex Contacts();
}
