"""Three states of an XML file made one."""
