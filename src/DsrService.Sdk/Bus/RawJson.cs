using System.Net.Mime;
using System.Text.Json;
using DsrService.Sdk.Contracts;
using MassTransit;
using MassTransit.Serialization;

namespace DsrService.Sdk.Bus;

/// <summary>Messages on the wire are the bare JSON of <see cref="DsrJson"/>: no envelope, no host names, no type names.
/// Reading is left to the consumer, which gets the bytes, so that a message nobody can read is dropped by our own code and
/// neither copied to an error queue nor quoted in a log.</summary>
internal sealed class RawJson : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    public static readonly RawJson Instance = new();

    public ContentType ContentType { get; } = new("application/json");

    public IMessageSerializer CreateSerializer() => this;

    public IMessageDeserializer CreateDeserializer() => this;

    public MessageBody GetMessageBody<T>(SendContext<T> context) where T : class =>
        new SystemTextJsonRawMessageBody<T>(context, DsrJson.Options);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => new BodyConsumeContext(
        receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new BytesContext(new(body.GetBytes()), new RawMessageContext(headers, destinationAddress, RawSerializerOptions.AnyMessageType), ContentType);

    public void Probe(ProbeContext context) => context.CreateScope("dsr-json");

    /// <summary>The body as it came.</summary>
    internal sealed record Bytes(byte[] Body);

    private sealed class BytesContext(Bytes body, MessageContext context, ContentType contentType)
        : SystemTextJsonRawSerializerContext(
            SystemTextJsonMessageSerializer.Instance, DsrJson.Options, contentType, context, [], RawSerializerOptions.AnyMessageType, Empty)
    {
        private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

        public override bool TryGetMessage<T>(out T? message) where T : class
        {
            message = body as T;
            return message is not null;
        }
    }
}
