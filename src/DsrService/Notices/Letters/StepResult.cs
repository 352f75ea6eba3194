using DsrService.Sdk.Contracts;

namespace DsrService.Notices.Letters;

/// <summary>What came of one step of a plan, as far as an answer tells it. A step that was done again has several.</summary>
internal sealed record StepResult
{
    /// <summary>Key of the plan's step.</summary>
    public required string Step { get; init; }
    public IReadOnlyList<ReceiptItem> Items { get; init; } = [];

    /// <summary>A change that its system says is done without saying of how much: its word, and all that can be told.</summary>
    public bool Uncounted { get; init; }

    /// <summary>Why a person set it aside, in words for the person who asked; null where nobody did.</summary>
    public string? SetAside { get; init; }

    /// <summary>Of a notice: when its recipient got it.</summary>
    public DateTimeOffset? ToldAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}
