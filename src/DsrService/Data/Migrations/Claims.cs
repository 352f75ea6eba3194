using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0017_claims")]
internal sealed class Claims : SqlMigration
{
    protected override string File => "0017_claims.sql";
}
