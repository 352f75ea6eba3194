using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0012_vendor_links")]
internal sealed class VendorLinks : SqlMigration
{
    protected override string File => "0012_vendor_links.sql";
}
