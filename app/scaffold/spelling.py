"""The spellings that a new brand holds its copy to: British and American forms of words that shops write.

A spelling rule matches exact words, so each form stands here by itself.
"""

_PAIRS = """
    colour color  colours colors  coloured colored  colourful colorful  colouring coloring
    flavour flavor  flavours flavors  flavoured flavored  flavourful flavorful
    favourite favorite  favourites favorites  favour favor  favours favors
    neighbour neighbor  neighbours neighbors  neighbourhood neighborhood
    honour honor  honoured honored  labour labor  harbour harbor  humour humor  behaviour behavior
    savour savor  savoury savory  endeavour endeavor  odour odor  vapour vapor
    centre center  centres centers  centred centered  theatre theater  theatres theaters
    fibre fiber  fibres fibers  litre liter  litres liters
    grey gray  greys grays  cosy cozy  cosier cozier  cosiest coziest
    organise organize  organised organized  organiser organizer  organising organizing
    realise realize  realised realized  realising realizing
    recognise recognize  recognised recognized  recognising recognizing
    personalise personalize  personalised personalized  personalising personalizing
    customise customize  customised customized  specialise specialize  specialised specialized
    apologise apologize  apologised apologized  prioritise prioritize  minimise minimize
    travelled traveled  traveller traveler  travellers travelers  travelling traveling
    cancelled canceled  cancelling canceling  labelled labeled  labelling labeling
    jewellery jewelry  catalogue catalog  catalogues catalogs  mould mold  moulded molded
    aluminium aluminum  pyjamas pajamas  doughnut donut  doughnuts donuts
"""
_WORDS = _PAIRS.split()
AMERICAN = tuple(zip(_WORDS[::2], _WORDS[1::2], strict=True))
"""British spellings that are wrong in American English, each with the right one."""
