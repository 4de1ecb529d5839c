"""What a person may type when bringing a file."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField

from karmyogi.web.forms import Form, needed


class UploadForm(Form):
    """One file and, for a roster, whether missing units are created."""

    file = FileField(_l("File"), validators=[needed])
    create_units = BooleanField(_l("Create departments, districts and offices that are missing (roster only)"))
