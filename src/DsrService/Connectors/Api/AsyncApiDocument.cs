using System.Text.Json.Nodes;
using DsrService.Sdk.Bus;
using DsrService.Sdk.Contracts;

namespace DsrService.Connectors.Api;

/// <summary>The AsyncAPI 3.0 document of the bus, as the service sees it: it sends tasks and announcements and receives answers.</summary>
internal static class AsyncApiDocument
{
    private const string About = """
        How a connected system gets its tasks over RabbitMQ (AMQP 0-9-1) and answers them. Found data is not sent over the bus but uploaded over
        HTTP at the task's `links.data` (`openapi.json`).

        **Exchanges and queues.** In front of every queue lies a durable fanout exchange of the same name, bound to it with an empty routing key. Queues
        are durable quorum queues (`x-queue-type: quorum`). Whoever receives declares both: the system those with its own name, the service those that
        begin with `dsr.service.`. Send to the exchange, with an empty routing key and `mandatory`, and wait for the broker's confirmation.

        **Who sent it.** Every system has a broker account of its own, named `{controller}.{system}`. An answer counts only if `user_id` is that
        account, which RabbitMQ checks: without it, or in another's name, the message is dropped.

        **What is sealed.** The broker holds no readable personal data: `identifiers` and `corrections` are absent, and `sealed` holds both as a
        compact JWE (RFC 7516; `alg` `dir`, `enc` `A256GCM`) over a `SealedSubject`, under the system's sealing key. Its protected header `dsr` is
        the base64url of SHA-256 over the JSON array of what decides about the data, so that no task can be turned into another: for a task `"task"`,
        taskId, controller, system, action, `"preview"` or `""`, verifies or null, then category, decision, reason, until and handle of each scope
        item; for an announcement `"state"`, eventId, controller, system, state, change, purpose; for a receipt `"receipt"` and taskId (there it may
        be left out).

        **Again.** Delivery is at least once and in no order: the same task id must have one effect, and the service asks again until it has an
        answer. A message that cannot be read is dropped. Bodies are bare JSON in UTF-8, without envelope; what the headers say beyond those
        given here means nothing.
        """;

    public static JsonObject Make()
    {
        Channel[] channels =
        [
            new("tasks", "dsr.{controller}.{system}", "send", "task", OnTheBus(typeof(SystemTask), required: true), "Tasks of one system."),
            new("states", "dsr.{controller}.{system}.states", "send", "subjectStateChanged", OnTheBus(typeof(SubjectStateChanged), required: true),
                "What begins or ends to hold for a person, for a system that listens. A system that does not listen has no such queue."),
            new("accepted", BusNames.Accepted, "receive", "taskAccepted", MessageSchemas.Of(typeof(TaskAccepted)), "The system has the task and will answer."),
            new("heartbeat", BusNames.Heartbeat, "receive", "taskHeartbeat", MessageSchemas.Of(typeof(TaskHeartbeat)), "The system is still at work."),
            new("receipt", BusNames.Receipt, "receive", "receipt", OnTheBus(typeof(Receipt), required: false), "What became of a task."),
            new("failure", BusNames.Failure, "receive", "taskFailure", MessageSchemas.Of(typeof(TaskFailure)), "This attempt failed."),
        ];
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "DsrService: connected systems over RabbitMQ", ["version"] = "1", ["description"] = About },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["broker"] = new JsonObject
                {
                    ["host"] = "{host}",
                    ["protocol"] = "amqp",
                    ["protocolVersion"] = "0.9.1",
                    ["description"] = "The company's own RabbitMQ, 3.10 or newer; `amqps` where it speaks TLS.",
                    ["variables"] = new JsonObject { ["host"] = new JsonObject { ["description"] = "Such as `broker:5672`.", ["default"] = "localhost:5672" } },
                    ["security"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/securitySchemes/account" }),
                },
            },
            ["channels"] = Object(channels, channel => channel.Key, Described),
            ["operations"] = Object(channels, channel => $"{channel.Action}{char.ToUpperInvariant(channel.Message[0])}{channel.Message[1..]}", Operation),
            ["components"] = new JsonObject
            {
                ["messages"] = Object(channels, channel => channel.Message, Message),
                ["schemas"] = new JsonObject { ["SealedSubject"] = MessageSchemas.Of(typeof(SealedSubject)) },
                ["securitySchemes"] = new JsonObject { ["account"] = new JsonObject { ["type"] = "userPassword", ["description"] = "The system's own broker account." } },
            },
        };
    }

    private sealed record Channel(string Key, string Address, string Action, string Message, JsonObject Payload, string Text);

    private static JsonObject Object(IEnumerable<Channel> channels, Func<Channel, string> key, Func<Channel, JsonObject> value)
    {
        var made = new JsonObject();
        foreach (var channel in channels)
            made[key(channel)] = value(channel);
        return made;
    }

    private static JsonObject Described(Channel channel)
    {
        var described = new JsonObject
        {
            ["address"] = channel.Address,
            ["description"] = channel.Text,
            ["messages"] = new JsonObject { [channel.Message] = new JsonObject { ["$ref"] = $"#/components/messages/{channel.Message}" } },
            ["bindings"] = new JsonObject
            {
                ["amqp"] = new JsonObject
                {
                    ["is"] = "routingKey",
                    ["exchange"] = new JsonObject { ["name"] = channel.Address, ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
                    ["bindingVersion"] = "0.3.0",
                },
            },
        };
        if (channel.Address.Contains('{', StringComparison.Ordinal))
            described["parameters"] = new JsonObject
            {
                ["controller"] = new JsonObject { ["description"] = "Key of the controller, such as `toontrack`." },
                ["system"] = new JsonObject { ["description"] = "Key of the system within its controller, such as `webshop`." },
            };
        return described;
    }

    private static JsonObject Operation(Channel channel) => new()
    {
        ["action"] = channel.Action,
        ["channel"] = new JsonObject { ["$ref"] = $"#/channels/{channel.Key}" },
        ["messages"] = new JsonArray(new JsonObject { ["$ref"] = $"#/channels/{channel.Key}/messages/{channel.Message}" }),
        ["bindings"] = new JsonObject { ["amqp"] = new JsonObject { ["deliveryMode"] = 2, ["mandatory"] = true, ["ack"] = true, ["bindingVersion"] = "0.3.0" } },
    };

    private static JsonObject Message(Channel channel) => new()
    {
        ["name"] = channel.Message,
        ["contentType"] = "application/json",
        ["summary"] = channel.Text,
        ["payload"] = channel.Payload,
    };

    // Identifiers and corrections are absent; what holds them is called sealed.
    private static JsonObject OnTheBus(Type type, bool required)
    {
        var schema = MessageSchemas.Of(type);
        schema["properties"]!.AsObject().Remove("identifiers");
        schema["properties"]!.AsObject().Remove("corrections");
        schema["properties"]!["sealed"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "A compact JWE over a `SealedSubject`; see above.",
            ["pattern"] = @"^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$",
        };
        if (required)
            schema["required"]!.AsArray().Add("sealed");
        return schema;
    }
}
