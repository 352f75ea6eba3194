namespace DsrService.Data.Sealing;

/// <summary>The place a ciphertext belongs to: it opens nowhere else.</summary>
internal readonly record struct SealedField(string Name, Guid Row);
