using DsrService.Data.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Requests;

/// <summary>What the person is known by: given at intake, or found by a system. The value is sealed; the hash, keyed per
/// controller, serves search and the uniqueness of a value within its request.</summary>
internal sealed class RequestIdentifier
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }
    public required string Controller { get; init; }
    public required string Kind { get; init; }
    public required byte[] Value { get; init; }
    public required byte[] Hash { get; init; }
    public bool Verified { get; set; }

    /// <summary><c>requester</c>, the key of the system that found it, or <c>rectification</c> for the value that took the place of another.</summary>
    public required string Source { get; init; }

    public const string Requester = "requester";
    public const string Rectification = "rectification";

    /// <summary>Whether it may lead to data: it is verified, or it is the very address of an objection to direct marketing,
    /// which acts unconfirmed. Whatever else a stranger gives only narrows a search.</summary>
    public bool LeadsToData(DataSubjectRequest request) =>
        Verified || request.IdentityConfirmedAt is null && request.SenderHash is { } sender && sender.AsSpan().SequenceEqual(Hash);

    public static SealedField ValueField(Guid identifier) => new("identifiers.value", identifier);

    internal sealed class Mapping : IEntityTypeConfiguration<RequestIdentifier>
    {
        public void Configure(EntityTypeBuilder<RequestIdentifier> builder) =>
            builder.ToTable("identifiers").HasKey(identifier => identifier.Id);
    }
}
