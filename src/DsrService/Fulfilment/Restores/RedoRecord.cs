using DsrService.Data.Sealing;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Fulfilment.Restores;

/// <summary>What it takes to do a change again after its system was restored from a backup. Sealed under a data key of its
/// own, bound to the task; destroyed when no backup of the system can hold the state before any more.</summary>
internal sealed class RedoRecord
{
    /// <summary>The task that made the change first.</summary>
    public required Guid TaskId { get; init; }

    public required Guid RequestId { get; init; }
    public required string Controller { get; init; }
    public required string System { get; init; }
    public required TaskAction Action { get; init; }

    /// <summary>Its place in the order of changes.</summary>
    public required DateTimeOffset FirstDoneAt { get; init; }

    /// <summary>When it was done last: a restore to before it undoes it.</summary>
    public required DateTimeOffset DoneAt { get; set; }

    /// <summary>The last day of a backup from before.</summary>
    public required DateOnly ExpiresOn { get; set; }

    public required byte[] DataKey { get; set; }
    public required string DataKeyId { get; set; }

    /// <summary><see cref="RedoContent"/>, sealed.</summary>
    public required byte[] Content { get; init; }

    /// <summary>The name under which the key is wrapped.</summary>
    public static string KeyName(Guid task) => $"redo:{task:N}";

    private static SealedField Field(Guid task) => new("redo_records.content", task);

    public static (byte[] Content, byte[] DataKey, string DataKeyId) Seal(KeyRing ring, Guid task, RedoContent content)
    {
        var key = Data.Sealing.DataKey.NewBytes();
        var (wrapped, id) = ring.Wrap(KeyName(task), key);
        return (new DataKey(key).SealJson(Field(task), content), wrapped, id);
    }

    public RedoContent Open(KeyRing ring) =>
        new DataKey(ring.Unwrap(KeyName(TaskId), DataKey, DataKeyId)).OpenJson<RedoContent>(Field(TaskId), Content);

    internal sealed class Mapping : IEntityTypeConfiguration<RedoRecord>
    {
        public void Configure(EntityTypeBuilder<RedoRecord> builder) =>
            builder.ToTable("redo_records").HasKey(record => record.TaskId);
    }
}

/// <param name="Identifiers">As the system got them; none where handles are enough.</param>
/// <param name="Corrections">Only of a rectification.</param>
/// <param name="Scope">As the system got it.</param>
internal sealed record RedoContent(IReadOnlyList<SubjectIdentifier> Identifiers, IReadOnlyList<Correction>? Corrections, IReadOnlyList<ScopeItem> Scope);
