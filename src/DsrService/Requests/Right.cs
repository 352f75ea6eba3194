namespace DsrService.Requests;

/// <summary>The rights served, one a request.</summary>
internal enum Right
{
    /// <summary>Art. 15</summary>
    Access,
    /// <summary>Art. 16</summary>
    Rectification,
    /// <summary>Art. 17</summary>
    Erasure,
    /// <summary>Art. 18</summary>
    Restriction,
    /// <summary>Art. 21</summary>
    Objection,
    /// <summary>Art. 20</summary>
    Portability,
}
