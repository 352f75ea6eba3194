using System.Text.Json.Nodes;

namespace DsrService.Journeys.Journey;

internal static class Requests
{
    /// <summary>A request as the person would send it: name and address, nothing else.</summary>
    public static JsonObject Of(JsonNode person, string right) => new()
    {
        ["right"] = right,
        ["language"] = "en",
        ["country"] = "SE",
        ["requester"] = new JsonObject { ["name"] = (string)person["name"]!, ["email"] = (string)person["email"]!, ["relation"] = "self" },
    };
}
