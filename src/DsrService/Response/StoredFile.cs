using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DsrService.Response;

/// <summary>Index of one encrypted file in the data folder: a part that a system uploaded, or a finished package.</summary>
internal sealed class StoredFile
{
    public required Guid Id { get; init; }
    public required Guid RequestId { get; init; }

    /// <summary>The task it was uploaded for; null for a package.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>The system's name for the part; never a path.</summary>
    public required string Part { get; init; }

    public string? Category { get; init; }
    public required string ContentType { get; init; }

    /// <summary>Plain bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Lines of NDJSON, or 1 for any other file: what a receipt's <c>handed</c> is held against.</summary>
    public required int Records { get; init; }

    /// <summary>SHA-256 of the plain bytes.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<StoredFile>
    {
        public void Configure(EntityTypeBuilder<StoredFile> builder) =>
            builder.ToTable("files").HasKey(file => file.Id);
    }
}
