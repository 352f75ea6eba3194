using System.Text.Json.Nodes;

namespace DsrService.Tests.Requests;

/// <summary>Bodies of intakes that are in order; a test changes what it is about.</summary>
internal static class Bodies
{
    public const string Name = "Ada Lind";
    public const string Email = "ada.lind@example.org";

    public static JsonObject Erasure(string email = Email) => For("erasure", email);

    public static JsonObject Rectification(string email = Email) => For("rectification", email);

    public static JsonObject For(string right, string email = Email)
    {
        var body = new JsonObject
        {
            ["right"] = right,
            ["language"] = "en",
            ["country"] = "SE",
            ["requester"] = new JsonObject { ["name"] = Name, ["email"] = email, ["relation"] = "self" },
        };
        if (right == "rectification")
            body["corrections"] = JsonNode.Parse("""[ { "field": "postal-address", "current": "", "requested": "Storgatan 2, Umeå", "statement": "" } ]""");
        if (right == "restriction")
            body["restriction"] = JsonNode.Parse("""{ "ground": "accuracy-contested" }""");
        return body;
    }

    public static JsonObject MarketingObjection(string email = Email)
    {
        var body = For("objection", email);
        body["objection"] = JsonNode.Parse("""{ "purpose": "direct-marketing", "grounds": "" }""");
        return body;
    }

    /// <summary>The body with the value at a path such as <c>requester.email</c> set; null takes it away.</summary>
    public static JsonObject With(this JsonObject body, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        JsonNode node = body;
        foreach (var part in parts[..^1])
            node = node[part] ??= new JsonObject();
        if (value is null)
            node.AsObject().Remove(parts[^1]);
        else
            node[parts[^1]] = value;
        return body;
    }
}
