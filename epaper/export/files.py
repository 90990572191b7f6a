"""Names of files that are known without loading what writes them."""

NITF_SUFFIX = ".nitf.xml"
IIIF_FILE = "manifest.json"
CATALOGUE_FILE = "catalogue.csv"
CATALOGUE_DATABASE = "catalogue.sqlite"
# What METS calls the group of the files that hold a page's text.
FULLTEXT = "FULLTEXT"
